namespace Deployster.Api.CommandLine;

/// <summary>Which fleet Deployster drives.</summary>
internal static class FleetChoice
{
    public const string Auto = "auto";
    public const string Docker = "docker";

    /// <summary>Where Fleet listens on a CoreOS machine.</summary>
    public const string DefaultSocket = "/var/run/fleet.sock";

    /// <summary>Reads the option; null, with the error, where it names no fleet.</summary>
    public static string? Read(string text, out string? error)
    {
        error = null;
        switch (text)
        {
            case Auto:
                return File.Exists(DefaultSocket) ? $"unix://{DefaultSocket}" : Docker;
            case Docker:
                return Docker;
            default:
                if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "unix" or "http")
                {
                    return text;
                }

                error = $"-fleet must be {Auto}, {Docker}, unix:///path or http://host:port, not '{text}'.";
                return null;
        }
    }
}
