using Deployster.Application.Fleet;
using Deployster.Application.Tasks;
using Deployster.Infrastructure.Docker;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Tasks;
using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

/// <summary>What the engine and a registry say of a task's image.</summary>
public sealed class TaskImageTests
{
    private static readonly AuthConfig s_login = new() { Username = LocalRegistry.UserName, Password = LocalRegistry.Password };

    [Test]
    public async Task PrepareImage_WhenRegistryDoesNotHaveIt_IsRefusedWithItsNameAndTheRegistrysWords()
    {
        await using var registry = await LocalRegistry.StartAsync();
        await using var services = Connect(new DockerOptions(new Uri(TestEngine.Endpoint)));

        var refusal = await RefusalAsync(services, $"{registry.Address}/team/web:nope");

        refusal.Should().Be($"The image {registry.Address}/team/web:nope cannot be pulled: manifest for {registry.Address}/team/web:nope not found: manifest unknown: manifest unknown");
    }

    [Test]
    public async Task PrepareImage_WhenRegistryWantsCredentials_SaysSo()
    {
        await using var engine = new TestEngine();
        await using var registry = await LocalRegistry.StartAsync(isPrivate: true);
        var image = await engine.BuildAsync(SampleImage.Good, engine.NewService(), "v1", $"{registry.Address}/team");
        await engine.PushAsync(image, s_login);
        await engine.RemoveImageAsync(image);
        await using var services = Connect(new DockerOptions(new Uri(TestEngine.Endpoint)) { ConfigFolder = "/nowhere" });

        (await RefusalAsync(services, image)).Should().StartWith($"The registry of {image} wants credentials").And.Contain("no basic auth credentials");
    }

    [Test]
    public async Task PrepareImage_WhenImageIsThere_GivesItsEntrypoint()
    {
        await using var engine = new TestEngine();
        var image = await engine.BuildAsync(SampleImage.Good, engine.NewService(), "v1");
        await using var services = Connect(new DockerOptions(new Uri(TestEngine.Endpoint)));

        (await services.GetRequiredService<ITaskEngine>().PrepareImageAsync(image, default)).Should().BeEmpty();
    }

    [Test]
    public async Task PrepareImage_WhenEngineIsAway_TellsTheSocketAndTheCause()
    {
        await using var services = Connect(new DockerOptions(new Uri("unix:///nowhere/docker.sock")));

        await services.GetRequiredService<ITaskEngine>().Invoking(it => it.PrepareImageAsync("web:v1", default))
            .Should().ThrowAsync<FleetUnavailableException>()
            .WithMessage("unix:///nowhere/docker.sock does not answer: No such file or directory");
    }

    private static ServiceProvider Connect(DockerOptions options) =>
        new ServiceCollection().AddLogging().AddDockerTasks(options, new DockerTaskOptions(10 << 20)).BuildServiceProvider(validateScopes: true);

    private static async Task<string> RefusalAsync(ServiceProvider services, string image) =>
        (await services.GetRequiredService<ITaskEngine>().Invoking(it => it.PrepareImageAsync(image, default))
            .Should().ThrowAsync<TaskRefusedException>()).Which.Message;
}
