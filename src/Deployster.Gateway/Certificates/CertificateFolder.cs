namespace Deployster.Gateway.Certificates;

/// <summary>A folder with certificates: <c>NAME.crt</c> and <c>NAME.key</c>, or what certbot writes, <c>live/NAME/fullchain.pem</c>.</summary>
internal static class CertificateFolder
{
    /// <summary>The name of the pair for host names that have none of their own.</summary>
    public const string Default = "default";

    /// <summary>The pairs that are there, by the names of their files, with <c>*.</c> for a wildcard.</summary>
    public static IReadOnlyDictionary<string, CertificatePair> Find(string folder)
    {
        var pairs = new Dictionary<string, CertificatePair>(StringComparer.OrdinalIgnoreCase);
        foreach (var live in Folders(Path.Combine(folder, "live")).Concat(Folders(folder)).Order(StringComparer.Ordinal))
        {
            Add(pairs, Path.GetFileName(live), Path.Combine(live, "fullchain.pem"), Path.Combine(live, "privkey.pem"));
        }

        foreach (var cert in Files(folder, "*.crt").Order(StringComparer.Ordinal))
        {
            Add(pairs, Path.GetFileNameWithoutExtension(cert), cert, Path.ChangeExtension(cert, ".key"));
        }

        return pairs;
    }

    private static void Add(Dictionary<string, CertificatePair> pairs, string name, string cert, string key)
    {
        if (File.Exists(cert) && File.Exists(key))
        {
            pairs[name.StartsWith("_.", StringComparison.Ordinal) ? $"*{name[1..]}" : name] = new CertificatePair(cert, key);
        }
    }

    private static IEnumerable<string> Folders(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern) : [];
}
