using System.Diagnostics;
using System.Globalization;

namespace Deployster.Testing;

/// <summary>A registry of one's own on a loopback port: Debian's docker-registry as a child process.</summary>
public sealed class LocalRegistry : IAsyncDisposable
{
    public const string UserName = "puller";
    public const string Password = "s3cret:with colon";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deployster-registry-");
    private readonly Process _process;

    private LocalRegistry(bool isPrivate)
    {
        var port = FreePort.Find();
        Address = $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";
        var config = Path.Combine(_folder.FullName, "config.yml");
        File.WriteAllText(config, Config(isPrivate));
        _process = Start("docker-registry", "serve", config);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Host and port; an image's name begins with it.</summary>
    public string Address { get; }

    /// <summary>Starts a registry that takes and gives images to everybody, or only to <see cref="UserName"/>.</summary>
    public static async Task<LocalRegistry> StartAsync(bool isPrivate = false)
    {
        var registry = new LocalRegistry(isPrivate);
        using var http = new HttpClient();
        await WaitFor.TrueAsync(() => registry.AnswersAsync(http), "the registry answers");
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync(new Uri($"http://{Address}/v2/"));
            return true;
        }
        catch (HttpRequestException) when (!_process.HasExited)
        {
            return false;
        }
    }

    private string Config(bool isPrivate)
    {
        var config =
            $$"""
            version: 0.1
            log: { level: error }
            storage:
              filesystem: { rootdirectory: {{Path.Combine(_folder.FullName, "data")}} }
              delete: { enabled: true }
            http: { addr: "{{Address}}" }

            """;
        if (!isPrivate)
        {
            return config;
        }

        var users = Path.Combine(_folder.FullName, "htpasswd");
        using var htpasswd = Start("htpasswd", "-B", "-C", "5", "-b", "-c", users, UserName, Password);
        htpasswd.WaitForExit();
        return config
            + $$"""
            auth:
              htpasswd: { realm: deployster, path: {{users}} }

            """;
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
