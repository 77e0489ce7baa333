namespace Deployster.Testing;

/// <summary>The project's folder, in which the tests run what a person would, and read and renew its documents.</summary>
public static class ProjectFolder
{
    /// <summary>Its path.</summary>
    public static string Root { get; } = Find();

    /// <summary>Whether tests shall write anew what they make for the documents.</summary>
    public static bool RenewsDocs => Environment.GetEnvironmentVariable("DEPLOYSTER_RENEW_DOCS") is "1";

    /// <summary>The path of a file among the documents.</summary>
    public static string Doc(params string[] parts) => Path.Combine([Root, "docs", .. parts]);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Deployster.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
