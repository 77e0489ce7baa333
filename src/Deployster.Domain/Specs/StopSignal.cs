using System.Text.RegularExpressions;

namespace Deployster.Domain.Specs;

/// <summary>The signal that asks a container's process to end, by its name: <c>SIGQUIT</c>.</summary>
/// <param name="Name">The name.</param>
public sealed partial record StopSignal(string Name)
{
    /// <summary>The grammar as a regular expression.</summary>
    public const string Pattern = $"^{Names}$";

    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule = "the name of a signal, as SIGQUIT or SIGRTMIN+3";

    // Those of Linux (signal(7)).
    private const string Names =
        "SIG(HUP|INT|QUIT|ILL|TRAP|ABRT|BUS|FPE|KILL|USR1|SEGV|USR2|PIPE|ALRM|TERM|STKFLT|CHLD|CONT|STOP|TSTP|TTIN|TTOU"
        + @"|URG|XCPU|XFSZ|VTALRM|PROF|WINCH|IO|PWR|SYS|RTMIN(\+([1-9]|1[0-5]))?|RTMAX(-([1-9]|1[0-4]))?)";

    /// <summary>Reads a signal; null where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static StopSignal? Read(string text) => Whole().IsMatch(text) ? new StopSignal(text) : null;

    /// <inheritdoc />
    public override string ToString() => Name;

    [GeneratedRegex($@"\A{Names}\z")]
    private static partial Regex Whole();
}
