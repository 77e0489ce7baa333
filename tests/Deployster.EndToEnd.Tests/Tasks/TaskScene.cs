using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Tasks;

/// <summary>Deployster over the tests' engine, with a service that has an image.</summary>
internal sealed class TaskScene : IAsyncDisposable
{
    public const string Version = "v1";

    private TaskScene(TestEngine engine, string service, DeploysterProcess deployster) =>
        (Engine, Service, Deployster) = (engine, service, deployster);

    public TestEngine Engine { get; }

    public string Service { get; }

    public DeploysterProcess Deployster { get; }

    public DeploysterClient Api => Deployster.Api;

    public static Task<TaskScene> StartAsync(params string[] options) => StartAsync(options, null);

    /// <summary>One that speaks HTTPS.</summary>
    public static async Task<TaskScene> StartAsync(string[] options, X509Certificate2? certificate)
    {
        var engine = new TestEngine();
        var service = engine.NewService();
        await engine.BuildAsync(SampleImage.Good, service, Version);
        var deployster = await DeploysterProcess.StartAsync(
            ["-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}", .. options],
            "/readyz",
            certificate);
        return new TaskScene(engine, service, deployster);
    }

    /// <summary>Runs a script in a container and waits for its end.</summary>
    public Task<TaskAnswer> RunAsync(string script, int? timeout = null) => RunAsync(new[] { "sh", "-c", script }, timeout);

    /// <summary>Runs a command in a container and waits for its end.</summary>
    public async Task<TaskAnswer> RunAsync(object command, int? timeout = null, object? env = null)
    {
        using var response = await SendAsync(command, timeout, env);
        return await TaskAnswer.ReadAsync(response);
    }

    /// <summary>Begins to run a script; gives the answer as soon as its headers are there.</summary>
    public Task<HttpResponseMessage> BeginAsync(string script, int? timeout = null) =>
        SendAsync(new[] { "sh", "-c", script }, timeout, null);

    /// <summary>Runs a script that nobody waits for; gives its id.</summary>
    public Task<string> DetachAsync(string script, int? timeout = null) => DetachAsync(Body(new[] { "sh", "-c", script }, timeout, null));

    /// <summary>Runs a task that nobody waits for; gives its id.</summary>
    public async Task<string> DetachAsync(object body)
    {
        var task = await Api.PostAsync($"/v1/services/{Service}/tasks?detach=true", body);
        return task.GetProperty("id").GetString()!;
    }

    public Task<JsonElement> GetAsync(string id) => Api.GetAsync($"/v1/tasks/{id}");

    /// <summary>The task once it has ended.</summary>
    public Task<JsonElement> WaitForEndAsync(string id) =>
        WaitFor.ValueAsync(() => GetAsync(id), task => task.GetProperty("status").GetString() != "running", "the task ends");

    public async Task<TaskAnswer> ReadOutputAsync(string id, string accept = "*/*")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/tasks/{id}/output");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var response = await Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await TaskAnswer.ReadAsync(response);
    }

    /// <summary>Waits until a task has written a text.</summary>
    public async Task WaitForOutputAsync(string id, string text)
    {
        using var response = await Api.Http.GetAsync($"/v1/tasks/{id}/output", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var seen = new StringBuilder();
        var buffer = new byte[1024];
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = await body.ReadAsync(buffer).AsTask().WaitAsync(WaitFor.Limit);
            seen.Append(count > 0 ? Encoding.UTF8.GetString(buffer, 0, count) : throw new InvalidOperationException($"'{text}' never came: {seen}"));
        }
    }

    public async Task NothingIsLeftAsync() =>
        await WaitFor.ValueAsync(() => Engine.ContainersOfAsync(Service), left => left.Count == 0, "no container is left");

    public async ValueTask DisposeAsync()
    {
        await Deployster.DisposeAsync();
        await Engine.DisposeAsync();
    }

    private static object Body(object command, int? timeout, object? env) =>
        new { Task = new { Version, Command = command, Timeout = timeout, Env = env } };

    private Task<HttpResponseMessage> SendAsync(object command, int? timeout, object? env)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/services/{Service}/tasks")
        {
            Content = JsonContent.Create(
                Body(command, timeout, env), options: new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }),
        };
        return Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
