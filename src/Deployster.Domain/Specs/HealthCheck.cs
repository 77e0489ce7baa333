using System.Text.RegularExpressions;
using Deployster.Domain.Names;

namespace Deployster.Domain.Specs;

/// <summary>A GET request that a healthy unit answers with a 2xx status.</summary>
/// <param name="Path">Where to, from the root: <c>/health</c>.</param>
public sealed partial record HealthCheck(string Path)
{
    /// <summary>The grammar of a path as a regular expression.</summary>
    public const string PathPattern = @"^/[A-Za-z0-9/._~!$&()*+,;=:@%?-]{0,511}$";

    /// <summary>The grammar of a path in words, for messages.</summary>
    public const string PathRule = "a path from '/' of the characters that a URL takes, with a query or without, at most 512";

    /// <summary>The host name that is asked for; null for <c>localhost</c>.</summary>
    public HostName? Host { get; init; }

    /// <summary>The port that is asked; null for the service's own.</summary>
    public int? Port { get; init; }

    /// <summary>The time between two requests.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads a path; null where <paramref name="text"/> is against the <see cref="PathRule"/>.</summary>
    public static string? ReadPath(string text) => IsPath(text) ? text : null;

    /// <summary>Whether <paramref name="text"/> keeps the <see cref="PathRule"/>.</summary>
    public static bool IsPath(string text) => PathGrammar().IsMatch(text);

    [GeneratedRegex(@"\A/[A-Za-z0-9/._~!$&()*+,;=:@%?-]{0,511}\z")]
    private static partial Regex PathGrammar();
}
