using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Deployster.Infrastructure.Docker;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Images;
using Docker.DotNet.Models;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

public sealed class RegistryCredentialsTests
{
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("deployster-config-");

    [TearDown]
    public void TearDown() => _folder.Delete(recursive: true);

    [TestCase("web:v1", "https://index.docker.io/v1/")]
    [TestCase("mycompany/web:v1", "https://index.docker.io/v1/")]
    [TestCase("docker.io/mycompany/web:v1", "https://index.docker.io/v1/")]
    [TestCase("registry.example.com/web:v1", "registry.example.com")]
    [TestCase("localhost/web:v1", "localhost")]
    [TestCase("registry:5000/a/b/web:v1", "registry:5000")]
    public void RegistryOf_Always_IsAsDockerReadsIt(string image, string registry) =>
        RegistryCredentials.RegistryOf(image).Should().Be(registry);

    [TestCase("registry.example.com:5000")]
    [TestCase("https://registry.example.com:5000")]
    [TestCase("https://registry.example.com:5000/v2/")]
    public async Task Find_WhenALoginIsStored_SplitsItAtTheFirstColon(string key)
    {
        WriteLogin(key, new { auth = Base64("user:pass:word") });

        var found = await FindAsync("registry.example.com:5000/web:v1");

        found.Should().BeEquivalentTo(
            new AuthConfig { Username = "user", Password = "pass:word", ServerAddress = "registry.example.com:5000" });
    }

    [Test]
    public async Task Find_WhenALoginIsAToken_GivesTheToken()
    {
        WriteLogin("https://index.docker.io/v1/", new { auth = Base64("user:"), identitytoken = "abc" });

        (await FindAsync("mycompany/web:v1")).IdentityToken.Should().Be("abc");
    }

    [TestCase("""{"auths":{"other.example.com":{"auth":"eDp5"}}}""")]
    [TestCase("""{"auths":{"registry.example.com":{}}}""")]
    [TestCase("""{"auths":{"registry.example.com":{"auth":"no base64"}}}""")]
    [TestCase("""{"auths":{"registry.example.com":"text"}}""")]
    [TestCase("""{"auths":["registry.example.com"]}""")]
    [TestCase("""{"credsStore":"deployster-nobody-has-this"}""")]
    [TestCase("""{"credHelpers":{"registry.example.com":5}}""")]
    [TestCase("[]")]
    [TestCase("no json")]
    [TestCase("")]
    [TestCase(null)]
    public async Task Find_WhenThereIsNothingOfUse_GivesNone(string? config)
    {
        if (config is not null)
        {
            Write(config);
        }

        var found = await FindAsync("registry.example.com/web:v1");

        found.Username.Should().BeNullOrEmpty();
        found.Password.Should().BeNullOrEmpty();
    }

    [Test]
    [SupportedOSPlatform("linux")]
    public async Task Find_WhenAHelperKeepsTheLogin_AsksIt()
    {
        Write("""{"credsStore":"nobody","credHelpers":{"registry.example.com":"deployster-test"}}""");
        var helper = Path.Combine(_folder.FullName, "docker-credential-deployster-test");
        await File.WriteAllTextAsync(helper, "#!/bin/sh\nread -r server\nprintf '{\"Username\":\"%s\",\"Secret\":\"for %s\"}' \"$1\" \"$server\"\n");
        File.SetUnixFileMode(helper, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", $"{_folder.FullName}:{path}");
        try
        {
            (await FindAsync("registry.example.com/web:v1")).Should().BeEquivalentTo(
                new AuthConfig { Username = "get", Password = "for registry.example.com", ServerAddress = "registry.example.com" });
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private void WriteLogin(string key, object login) => Write(JsonSerializer.Serialize(new
    {
        auths = new Dictionary<string, object> { ["other.example.com"] = new { auth = "eDp5" }, [key] = login },
    }));

    private void Write(string config) => File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), config);

    private Task<AuthConfig> FindAsync(string image) =>
        new RegistryCredentials(
            new DockerOptions(new Uri("unix:///nowhere")) { ConfigFolder = _folder.FullName }, NullLogger<RegistryCredentials>.Instance)
            .FindAsync(image, default);
}
