using System.Formats.Tar;

namespace Deployster.Testing;

/// <summary>Images of the service for load, <c>Deployster.LoadTarget</c>, on the base image that <c>docker/base</c> makes.</summary>
public static class LoadImage
{
    private const string Base = "deployster/base:local";

    private static readonly string[] s_files =
        ["Deployster.LoadTarget.dll", "Deployster.LoadTarget.deps.json", "Deployster.LoadTarget.runtimeconfig.json"];

    /// <summary>Builds a version of the service; gives the image's name.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="service">The service.</param>
    /// <param name="version">The version.</param>
    /// <param name="healthStatus">What it answers at <c>/health</c>.</param>
    public static Task<string> BuildAsync(TestEngine engine, string service, string version, int healthStatus = 200) =>
        engine.BuildAsync(ToBuildContext(version, healthStatus), service, version);

    private static MemoryStream ToBuildContext(string version, int healthStatus)
    {
        var context = new MemoryStream();
        using (var tar = new TarWriter(context, leaveOpen: true))
        {
            foreach (var file in s_files)
            {
                tar.WriteEntry(Path.Combine(AppContext.BaseDirectory, file), $"app/{file}");
            }

            var dockerfile = $"""
                FROM {Base}
                COPY app /app
                ENV VERSION={version} HEALTH_STATUS={healthStatus} DOTNET_gcServer=0
                EXPOSE 3000
                CMD ["dotnet", "/app/{s_files[0]}"]

                """;
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "Dockerfile")
            {
                DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(dockerfile)),
            });
        }

        context.Position = 0;
        return context;
    }
}
