namespace Deployster.EndToEnd.Tests;

/// <summary>The project's folder of documents.</summary>
internal static class Docs
{
    /// <summary>Whether tests shall write anew what they make for the documents.</summary>
    public static bool AreRenewed => Environment.GetEnvironmentVariable("DEPLOYSTER_RENEW_DOCS") is "1";

    /// <summary>The path of a file in it.</summary>
    public static string File(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "Deployster.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine([folder.FullName, "docs", .. parts]);
    }
}
