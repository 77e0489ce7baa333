using System.Net;
using Deployster.Api.CommandLine;
using Deployster.Infrastructure.Docker.Engine;

namespace Deployster.Api.Tests;

/// <summary>The options in all their writings, read within this process.</summary>
internal sealed class CommandLineTests
{
    [Test]
    public async Task Options_LeftOut_HaveTheirDefaults()
    {
        var options = await ReadAsync("-password=x");

        options.Listen.Should().Be(new IPEndPoint(IPAddress.Any, 3000));
        options.Username.Should().Be("deployster");
        options.Docker.Should().Be(new Uri("unix:///var/run/docker.sock"));
        options.PullAlways.Should().BeFalse();
        options.Publish.Should().BeNull();
        options.HistoryKeep.Should().Be(1000);
        options.KeepImages.Should().Be(5);
        options.ImagePrefix.Should().BeNull();
        (options.Cert, options.Key, options.UnitTemplate).Should().Be((null, null, null));
        options.HasDefaultPassword.Should().BeFalse();
    }

    [Test]
    public async Task Options_MayBeWrittenWithASpaceOrAnEqualsSign([Values] bool isSpaced)
    {
        string[] options =
        [
            "-listen", "1.2.3.4:5", "-username", "ada", "-password", "a=b:c", "-docker-hub-username", "mycompany",
            "-fleet", "unix:///run/other.sock", "-docker", "tcp://10.0.0.1:2375", "-pull", "always", "-publish", "10.0.0.2", "-publish-ports", "8000-8999",
            "-data", "/srv/deployster", "-history-keep", "7", "-keep-images", "0",
        ];

        var read = await ReadAsync(isSpaced ? options : [.. options.Chunk(2).Select(pair => $"{pair[0]}={pair[1]}")]);

        read.Should().BeEquivalentTo(new DeploysterOptions
        {
            Listen = new IPEndPoint(IPAddress.Parse("1.2.3.4"), 5),
            Username = "ada",
            Password = "a=b:c",
            ImagePrefix = "mycompany",
            Fleet = "unix:///run/other.sock",
            Docker = new Uri("tcp://10.0.0.1:2375"),
            PullAlways = true,
            Publish = IPAddress.Parse("10.0.0.2"),
            PublishPorts = new PortRange(8000, 8999),
            Data = "/srv/deployster",
            HistoryKeep = 7,
            KeepImages = 0,
        });
    }

    [TestCase("127.0.0.1:3000", "127.0.0.1:3000")]
    [TestCase("localhost:3000", "127.0.0.1:3000")]
    [TestCase(":8080", "0.0.0.0:8080")]
    [TestCase("[::1]:3000", "[::1]:3000")]
    public async Task Listen_InEachWriting_IsRead(string written, string expected)
    {
        (await ReadAsync($"-listen={written}", "-password=x")).Listen.Should().Be(IPEndPoint.Parse(expected));
    }

    [TestCase("-docker-hub-username=mycompany", "mycompany")]
    [TestCase("-registry-url=registry.example.com:5000", "registry.example.com:5000")]
    [TestCase("-registry-url=https://registry.example.com/team/", "registry.example.com/team")]
    public async Task Registry_InEachWriting_MakesThePrefixOfImages(string option, string prefix)
    {
        (await ReadAsync("-password=x", option)).ImagePrefix.Should().Be(prefix);
    }

    [Test]
    public async Task Registry_WithAUserName_WinsOverIt()
    {
        (await ReadAsync("-password=x", "-docker-hub-username=mycompany", "-registry-url=r.example.com")).ImagePrefix.Should().Be("r.example.com");
    }

    [TestCase("127.0.0.1:3000")]
    [TestCase("[::1]:3000")]
    [TestCase("localhost:3000")]
    public async Task Password_LeftOutOnALoopbackAddress_HasADefault(string listen)
    {
        var options = await ReadAsync($"-listen={listen}");

        options.Password.Should().Be("mmmhm");
        options.HasDefaultPassword.Should().BeTrue();
    }

    [TestCase("@secret")]
    [TestCase("pass:wörd 🚀")]
    [TestCase("[x]")]
    [TestCase("\"quoted\"")]
    public async Task Password_OfAnyLetters_IsTakenAsItIs(string password)
    {
        (await ReadAsync("-password", password)).Password.Should().Be(password);
        (await ReadAsync($"-password={password}")).Password.Should().Be(password);
    }

    [TestCase("secret\n")]
    [TestCase("secret\r\n")]
    [TestCase("secret")]
    public async Task PasswordFile_IsReadWithoutItsLineBreak(string content)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, content);

            (await ReadAsync($"-password-file={file}")).Password.Should().Be("secret");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public async Task Webhooks_SeveralTimesOrWithCommas_AreRead()
    {
        var options = await ReadAsync(
            "-password=x", "-webhook=https://a.example/1, slack+https://b.example/2,", "-webhook", "http://c.example/3", "-webhook=https://a.example/1");

        options.Webhooks.Select(receiver => (receiver.Url.AbsoluteUri, receiver.TakesTextAlone)).Should().Equal(
            ("https://a.example/1", false), ("https://b.example/2", true), ("http://c.example/3", false));
        options.WebhookSecret.Should().BeNull();
    }

    [TestCase("geheim\n")]
    [TestCase("geheim\r\n")]
    [TestCase("geheim")]
    public async Task WebhookSecretFile_IsReadWithoutItsLineBreak(string content)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, content);

            (await ReadAsync("-password=x", $"-webhook-secret-file={file}")).WebhookSecret.Should().Equal("geheim"u8.ToArray());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<DeploysterOptions> ReadAsync(params string[] args)
    {
        DeploysterOptions? read = null;
        var exitCode = await DeploysterCommand.RunAsync(args, options =>
        {
            read = options;
            return Task.CompletedTask;
        }, (_, _) => Task.CompletedTask);
        exitCode.Should().Be(0);
        return read!;
    }
}
