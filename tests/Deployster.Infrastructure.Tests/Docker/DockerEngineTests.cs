using System.Text;
using Deployster.Infrastructure.Docker;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

public sealed class DockerEngineTests
{
    [Test]
    public async Task Call_WhenAContainerIsAttachedTo_StreamsWhatItWritesUntilItEnds()
    {
        await using var tests = new TestEngine();
        using var engine = new DockerEngine(new DockerOptions(new Uri(TestEngine.Endpoint)));
        var image = await SampleImages.GetAsync(SampleImage.Good);
        var settings = new CreateContainerParameters
        {
            Image = image,
            Cmd = ["/bin/sh", "-c", "echo out; echo err >&2; exit 5"],
            Labels = new Dictionary<string, string> { ["deployster.service"] = tests.NewService() },
        };
        var id = (await engine.AskAsync((client, token) => client.Containers.CreateContainerAsync(settings, token), default)).ID;
        using var output = await engine.AskAsync(
            (client, token) => client.Containers.AttachContainerAsync(
                id, new ContainerAttachParameters { Stream = true, Stdout = true, Stderr = true }, token),
            default);
        await engine.AskAsync((client, token) => client.Containers.StartContainerAsync(id, new ContainerStartParameters(), token), default);

        var written = new MemoryStream();
        using var log = new ContainerLog(output, engine);
        var buffer = new byte[1024];
        while (await log.ReadAsync(buffer, default) is (_, var count))
        {
            written.Write(buffer, 0, count);
        }

        var end = await engine.CallAsync(
            (client, token) => client.Containers.WaitContainerAsync(id, token), Timeout.InfiniteTimeSpan, default);

        Encoding.UTF8.GetString(written.ToArray()).Split('\n').Should().BeEquivalentTo("out", "err", "");
        end.StatusCode.Should().Be(5);
    }
}
