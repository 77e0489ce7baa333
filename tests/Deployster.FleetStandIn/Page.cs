using System.Buffers.Binary;

namespace Deployster.FleetStandIn;

/// <summary>One page of a list, as its token names it: limit and number, each two bytes.</summary>
internal sealed record Page(int Number)
{
    private const int Limit = 100;

    public static (Page? Page, string? Error) Read(IReadOnlyList<string?> tokens)
    {
        if (tokens.Count > 1)
        {
            return (null, "too many values for page token");
        }

        if (tokens.Count == 0)
        {
            return (new Page(1), null);
        }

        Span<byte> bytes = stackalloc byte[6];
        return Convert.TryFromBase64String((tokens[0] ?? "").Replace('-', '+').Replace('_', '/'), bytes, out var length)
            ? length != 4 ? (null, "unexpected EOF")
                : BinaryPrimitives.ReadUInt16LittleEndian(bytes) != Limit ? (null, $"token limit must be {Limit}")
                : BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]) is > 0 and var number ? (new Page(number), null)
                : (null, "token page must be greater than zero")
            : (null, "illegal base64 data at input byte 0");
    }

    /// <summary>The page's part of a list, and the next page's token. An empty list has no key in the answer.</summary>
    public (IReadOnlyList<T>? Items, string? NextToken) Of<T>(IReadOnlyList<T> all)
    {
        var items = all.Skip((Number - 1) * Limit).Take(Limit).ToList();
        // Fleet promises another page after a full one, even if that will be empty.
        return (items.Count > 0 ? items : null, items.Count == Limit ? new Page(Number + 1).Token() : null);
    }

    private string Token()
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Limit);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], (ushort)Number);
        return Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');
    }
}
