using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Testing;

/// <summary>
/// The Docker Engine that the tests use, named by <c>DOCKER_HOST</c>. Suites can share it: each test takes service
/// names of its own, and what was made under them is removed at the end.
/// </summary>
public sealed class TestEngine : IAsyncDisposable
{
    /// <summary>What images are named before the service: <c>{Prefix}/{service}:{version}</c>.</summary>
    public const string Prefix = "deployster-test";

    private readonly ConcurrentBag<string> _services = [];
    private readonly ConcurrentBag<string> _images = [];
    private readonly ConcurrentBag<string> _containers = [];

    public static string Endpoint { get; } =
        Environment.GetEnvironmentVariable("DOCKER_HOST") ?? "unix:///var/run/docker.sock";

    public DockerClient Client { get; } = new DockerClientBuilder().WithEndpoint(new Uri(Endpoint)).Build();

    /// <summary>A service name that no other test has; its units are removed at the end.</summary>
    public string NewService(string name = "web")
    {
        var service = $"{name}-{Guid.NewGuid().ToString("N")[..8]}";
        _services.Add(service);
        return service;
    }

    /// <summary>Builds a version of a service's image; gives the image's name.</summary>
    public async Task<string> BuildAsync(SampleImage image, string service, string version, string prefix = Prefix)
    {
        using var context = image.ToBuildContext(version);
        return await BuildAsync(context, service, version, prefix);
    }

    /// <summary>Builds a version of a service's image upon another, with a layer of so many bytes that no other image has; gives the image's name.</summary>
    public async Task<string> BuildUponAsync(string from, int size, string service, string version, string prefix = Prefix)
    {
        using var context = new MemoryStream();
        using (var tar = new TarWriter(context, leaveOpen: true))
        {
            var dockerfile = $"FROM {from}\nCOPY content /{version}\nLABEL deployster.test={service}\n{(from == "scratch" ? "CMD [\"none\"]" : "")}\n";
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "Dockerfile") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(dockerfile)) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "content") { DataStream = new MemoryStream(RandomNumberGenerator.GetBytes(size)) });
        }

        context.Position = 0;
        return await BuildAsync(context, service, version, prefix);
    }

    /// <summary>The images that were built so for a service, whatever they are called by now.</summary>
    public async Task<IReadOnlyList<ImagesListResponse>> BuiltForAsync(string service) =>
    [
        .. await Client.Images.ListImagesAsync(new ImagesListParameters
        {
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["label"] = new Dictionary<string, bool> { [$"deployster.test={service}"] = true },
            },
        }),
    ];

    /// <summary>Builds a version of a service's image from a tar archive; gives the image's name.</summary>
    public async Task<string> BuildAsync(Stream context, string service, string version, string prefix = Prefix)
    {
        var name = $"{prefix}/{service}:{version}";
        _images.Add(name);
        var errors = new Errors();
        await Client.Images.BuildImageFromDockerfileAsync(
            new ImageBuildParameters { Tags = [name], ForceRemove = true }, context, [], new Dictionary<string, string>(), errors);
        errors.ThrowIfAny();
        return name;
    }

    /// <summary>Pushes an image to its registry.</summary>
    public async Task PushAsync(string image, AuthConfig? credentials = null)
    {
        var errors = new Errors();
        await Client.Images.PushImageAsync(image, new ImagePushParameters(), credentials ?? new AuthConfig(), errors);
        errors.ThrowIfAny();
    }

    /// <summary>Removes an image here, as though it had never been pulled.</summary>
    public async Task RemoveImageAsync(string image)
    {
        try
        {
            await Client.Images.DeleteImageAsync(image, new ImageDeleteParameters { Force = true });
        }
        catch (DockerApiException)
        {
            // Gone, or one of its containers is just going; the next run's build takes its place.
        }
    }

    /// <summary>Has an image removed at the end.</summary>
    public void Own(string image) => _images.Add(image);

    /// <summary>Runs a container that Deployster has not made.</summary>
    public async Task<string> RunAsync(CreateContainerParameters parameters)
    {
        var id = await CreateAsync(parameters);
        await Client.Containers.StartContainerAsync(id, new ContainerStartParameters());
        return id;
    }

    /// <summary>Makes a container that Deployster has not made, and does not start it.</summary>
    public async Task<string> CreateAsync(CreateContainerParameters parameters)
    {
        var container = await Client.Containers.CreateContainerAsync(parameters);
        _containers.Add(container.ID);
        return container.ID;
    }

    /// <summary>The ids of the containers of a service, running or not.</summary>
    public async Task<IReadOnlyList<string>> ContainersOfAsync(string service) =>
        [.. (await ListAsync(service)).Select(container => container.ID)];

    /// <summary>The only container of a service.</summary>
    public async Task<ContainerInspectResponse> InspectOnlyAsync(string service) =>
        await Client.Containers.InspectContainerAsync((await ContainersOfAsync(service)).Single());

    /// <summary>Runs a command in a container that runs; gives what it wrote.</summary>
    public async Task<string> ExecuteAsync(string container, params string[] command)
    {
        var exec = await Client.Exec.CreateContainerExecAsync(
            container, new ContainerExecCreateParameters { Cmd = command, AttachStdout = true, AttachStderr = true });
        using var output = await Client.Exec.StartContainerExecAsync(exec.ID, new ContainerExecStartParameters());
        return (await output.ReadOutputToEndAsync(CancellationToken.None)).stdout;
    }

    public async ValueTask DisposeAsync()
    {
        var containers = new List<string>(_containers);
        foreach (var service in _services)
        {
            containers.AddRange(await ContainersOfAsync(service));
        }

        await Task.WhenAll(containers.Select(RemoveContainerAsync));
        foreach (var image in _images.Distinct())
        {
            await RemoveImageAsync(image);
        }

        Client.Dispose();
    }

    private async Task<IEnumerable<ContainerListResponse>> ListAsync(string service) =>
        await Client.Containers.ListContainersAsync(new ContainersListParameters
        {
            All = true,
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["label"] = new Dictionary<string, bool> { [$"deployster.service={service}"] = true },
            },
        });

    private async Task RemoveContainerAsync(string id)
    {
        try
        {
            await Client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true });
        }
        catch (DockerApiException)
        {
            // Gone, or just going.
        }
    }

    private sealed class Errors : IProgress<JSONMessage>
    {
        private string? _first;

        public void Report(JSONMessage value) => _first ??= value.Error?.Message;

        public void ThrowIfAny()
        {
            if (_first is not null)
            {
                throw new InvalidOperationException(_first);
            }
        }
    }
}
