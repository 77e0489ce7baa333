using System.Globalization;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Units;
using Deployster.Infrastructure.Tests.Docker;
using Deployster.Testing;
using Docker.DotNet.Models;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Contract;

/// <summary>The contract of fleets, kept by a Docker Engine.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class DockerContractTests : FleetContract
{
    protected override Task<FleetUnderTest> StartAsync() => Task.FromResult<FleetUnderTest>(new EngineUnderTest());

    private sealed class EngineUnderTest : FleetUnderTest
    {
        private readonly DockerScene _scene = new();
        private readonly ServiceProvider _other = DockerScene.Connect(new DockerOptions(new Uri(TestEngine.Endpoint)));
        private readonly ServiceProvider _away = DockerScene.Connect(new DockerOptions(new Uri("unix:///nowhere/docker.sock")));

        public override IFleetClient Port => _scene.Port;

        public override IFleetClient Other => _other.GetRequiredService<IFleetClient>();

        public override IFleetClient Unreachable => _away.GetRequiredService<IFleetClient>();

        public override DeployId DeployId => _scene.DeployId;

        public override Task<Intention> GoodAsync() => DockerScene.IntentionOfAsync(SampleImage.Good);

        public override Task<Intention> FailingAsync() =>
            DockerScene.IntentionOfAsync(SampleImage.Good, DeploySpec.Default with { Command = ["/bin/nothing"] });

        public override async Task<Intention?> RefusedAsync() =>
            await DockerScene.IntentionOfAsync(SampleImage.Good, DeploySpec.Default with { Cpus = 4000 });

        public override async Task VanishAsync(UnitName unit) =>
            await _scene.Engine.Client.Containers.RemoveContainerAsync(ContainerName.Of(unit, EngineScope.None), new() { Force = true });

        public override async Task<UnitName?> LeaveHalfMadeAsync()
        {
            var unit = new UnitName(DeployId, 1);
            var settings = UnitSettings.Of(new UnitDefinition(unit, await GoodAsync()), Wanted.Running, new UnitPlace("deployster", System.Net.IPAddress.Parse("172.31.255.254"), null), EngineScope.None);
            await _scene.Engine.Client.Containers.CreateContainerAsync(settings);
            return unit;
        }

        public override async Task AddForeignAsync()
        {
            var image = await SampleImages.GetAsync(SampleImage.Good);
            foreach (var labels in (Dictionary<string, string>[])
                [[], new() { [ContainerLabels.Unit] = $"{DeployId.Service}:b:c.service" }, new() { [ContainerLabels.Service] = DeployId.Service.Value }])
            {
                await _scene.Engine.RunAsync(new CreateContainerParameters { Image = image, Labels = labels });
            }
        }

        public override async Task<int> CountAsync() => (await _scene.Engine.ContainersOfAsync(_scene.Service)).Count;

        public override async Task<IReadOnlyList<UnitOption>> ReadOptionsAsync(UnitName unit)
        {
            var container = await _scene.Engine.Client.Containers.InspectContainerAsync(ContainerName.Of(unit, EngineScope.None));
            var labels = container.Config!.Labels!
                .Where(label => !label.Value.StartsWith("ImageId=", StringComparison.Ordinal))
                .OrderBy(label => label.Key, StringComparer.Ordinal).ToList();
            var options = labels.Where(label => label.Key.Contains(".option.", StringComparison.Ordinal)).ToList();
            var image = (await GoodAsync()).Image;
            return
            [
                new("Container", "Name", container.Name![1..]),
                new("Container", "Image", container.Image == (await _scene.Engine.Client.Images.InspectImageAsync(image)).ID ? image : container.Image!),
                new("Container", "Network", container.NetworkSettings!.Networks!.Single().Key),
                new("Container", "Port", container.Config!.ExposedPorts!.Keys.First().Split('/')[0]),
                new("Container", "StopTimeout", string.Create(CultureInfo.InvariantCulture, $"{container.Config!.StopTimeout!.Value.TotalSeconds}")),
                new("Container", "RestartPolicy", "always"),
                .. labels.Except(options).Select(label => new UnitOption("Container", "Label", $"{label.Key}={label.Value}")),

                // The image's id has a number of its own among them.
                .. options.Select((label, index) => new UnitOption(
                    "Container", "Label", string.Create(CultureInfo.InvariantCulture, $"deployster.option.{index:000}={label.Value}"))),
            ];
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _other.DisposeAsync();
            await _away.DisposeAsync();
            await _scene.DisposeAsync();
        }
    }
}
