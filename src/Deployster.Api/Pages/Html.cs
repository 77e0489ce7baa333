using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Deployster.Api.Pages;

/// <summary>Markup. Whatever is put into it that is no markup itself is encoded.</summary>
internal readonly record struct Html(string Markup)
{
    /// <summary>Markup with values in it.</summary>
    public static Html Of(Interpolation interpolation) => new(interpolation.Markup);

    /// <summary>The markup of each item, one after the other.</summary>
    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> render) =>
        new(string.Concat(items.Select(item => render(item).Markup)));

    public override string ToString() => Markup;

    /// <summary>What the compiler makes of an interpolated text that is to be <see cref="Html"/>.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Interpolation(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _markup = new(literalLength + (formattedCount * 16));

        public string Markup => _markup.ToString();

        public void AppendLiteral(string literal) => _markup.Append(literal);

        public void AppendFormatted(Html html) => _markup.Append(html.Markup);

        public void AppendFormatted<T>(T value, string? format = null) => _markup.Append(HtmlEncoder.Default.Encode(
            value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString() ?? ""));
    }
}
