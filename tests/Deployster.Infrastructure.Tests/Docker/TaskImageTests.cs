using Deployster.Application.Fleet;
using Deployster.Application.Tasks;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Tasks;
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
    public async Task PrepareImage_WhenImageIsThere_GivesItsIdAndEntrypoint()
    {
        await using var engine = new TestEngine();
        var image = await engine.BuildAsync(SampleImage.Good, engine.NewService(), "v1");
        await using var services = Connect(new DockerOptions(new Uri(TestEngine.Endpoint)));

        var prepared = await services.GetRequiredService<ITaskEngine>().PrepareImageAsync(image, default);

        prepared.Entrypoint.Should().BeEmpty();
        prepared.Id.Should().Be((await engine.Client.Images.InspectImageAsync(image)).ID);
    }

    [Test]
    public async Task Start_WhenTheTagHasMovedSince_RunsTheImageThatWasPrepared()
    {
        await using var engine = new TestEngine();
        var service = engine.NewService();
        var image = await engine.BuildAsync(SampleImage.Good, service, "v1");
        await using var services = Connect(new DockerOptions(new Uri(TestEngine.Endpoint)));
        var tasks = services.GetRequiredService<ITaskEngine>();
        var prepared = await tasks.PrepareImageAsync(image, default);
        await engine.BuildAsync(SampleImage.NeverListens, service, "v1");
        var record = TaskIn(service, image) with { ImageId = prepared.Id };
        try
        {
            using var output = await tasks.StartAsync(new TaskDefinition(record, DeploySpec.Default), default);

            var found = (await tasks.ListAsync(default)).Single(container => container.Task.Id == record.Id);

            found.IsRunning.Should().BeTrue();
            found.Task.Should().BeEquivalentTo(record, options => options.ComparingByMembers<TaskRecord>().Excluding(task => task.StartedAt));
        }
        finally
        {
            await tasks.RemoveAsync(record.Id, default);
            await engine.RemoveImageAsync(prepared.Id);
        }
    }

    [Test]
    public void Labels_WhenTheyTellTheImagesName_GiveItBack() =>
        TaskLabels.Read(TaskLabels.Write(TaskIn("web", "team/web:v1")), "sha256:1c35c4412082")!.Image.Should().Be("team/web:v1");

    [Test]
    public void Labels_WhenAnOlderVersionWroteThem_TakeTheImageThatTheContainerWasMadeFrom()
    {
        var labels = TaskLabels.Write(TaskIn("web", "team/web:v1"));
        labels.Remove("deployster.task.image");

        TaskLabels.Read(labels, "team/web:v1")!.Image.Should().Be("team/web:v1");
    }

    [Test]
    public async Task PrepareImage_WhenEngineIsAway_TellsTheSocketAndTheCause()
    {
        await using var services = Connect(new DockerOptions(new Uri("unix:///nowhere/docker.sock")));

        await services.GetRequiredService<ITaskEngine>().Invoking(it => it.PrepareImageAsync("web:v1", default))
            .Should().ThrowAsync<FleetUnavailableException>()
            .WithMessage("unix:///nowhere/docker.sock does not answer: No such file or directory");
    }

    private static TaskRecord TaskIn(string service, string image) => new()
    {
        Id = TaskId.New(DateTimeOffset.UtcNow),
        Service = ServiceName.Parse(service),
        Version = VersionTag.Parse("v1"),
        Image = image,
        Command = ["sleep", "100"],
        Timeout = TimeSpan.FromMinutes(10),
        RequestedAt = new DateTimeOffset(2015, 3, 2, 0, 31, 45, TimeSpan.Zero),
    };

    private static ServiceProvider Connect(DockerOptions options) =>
        new ServiceCollection().AddLogging().AddDockerTasks(options, new DockerTaskOptions(10 << 20)).BuildServiceProvider(validateScopes: true);

    private static async Task<string> RefusalAsync(ServiceProvider services, string image) =>
        (await services.GetRequiredService<ITaskEngine>().Invoking(it => it.PrepareImageAsync(image, default))
            .Should().ThrowAsync<TaskRefusedException>()).Which.Message;
}
