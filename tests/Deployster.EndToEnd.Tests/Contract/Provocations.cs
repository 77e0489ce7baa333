using System.Net;
using Deployster.Api.Authentication;
using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Contract;

/// <summary>How each documented answer of each operation is brought about.</summary>
internal static class Provocations
{
    private const string FullDeploy =
        """{"version":"v1","timestamp":"2015.03.02-00.31.45","instance_count":2,"env":{"A":"b"},"memory":"64m","health_check":{"path":"/health"}}""";

    private const string BadName = "/v1/services/NOT-LOWER";

    private static readonly Dictionary<string, Func<ContractScene, Task<Exchange>>[]> s_own = new()
    {
        ["listServices 200"] = [scene => GetAsync(scene.Docker, "/v1/services")],
        ["listServices 503"] = [scene => GetAsync(scene.Blind, "/v1/services")],
        ["getVersion 200"] = [scene => GetAsync(scene.Docker, "/v1/version"), scene => GetAsync(scene.Cluster, "/v1/version")],

        ["deployVersion 201"] = [scene => DeployAsync(scene.Cluster, "created", FullDeploy)],
        ["deployVersion default"] =
        [
            scene => DeployAsync(scene.Docker, scene.Service, """{"version":"v1","destroy_previous":true,"command":null,"cpus":0.5}""", "?dry_run=true"),
            scene => DeployAsync(scene.Cluster, "hello", """{"version":"v1","command":"bin/serve --all"}""", "?dry_run=true"),
            scene => DeployAsync(
                scene.Docker,
                "front",
                """{"version":"v1","path_prefix":"/a","strip_prefix":true,"https_redirect":false,"affinity":"cookie","timeouts":{"response":5,"idle":null},"health_check":{"path":"/","host":"front.example.com","port":3000}}""",
                "?dry_run=true"),
            scene => DeployAsync(scene.Docker, "rolled", """{"version":"v1","strategy":{"max_surge":1,"max_unavailable":"25%","canary":1,"canary_seconds":60}}""", "?dry_run=true"),
            scene => DeployAsync(scene.Cluster, "followed", """{"version":"v1"}""", "?follow=true"),
        ],
        ["deployVersion 400"] =
        [
            scene => DeployAsync(scene.Docker, scene.Service, """{"version":"v 1"}"""),
            scene => DeployAsync(scene.Docker, scene.Service, """{"version":"v1","instance_count":0}"""),
            scene => DeployAsync(scene.Docker, scene.Service, """{"version":"v1","port":65536}"""),
            scene => DeployAsync(scene.Docker, scene.Service, """{"version":"v1","unheard_of":1}"""),
            scene => DeployAsync(scene.Docker, scene.Service, """{"version":"v1","health_check":{"interval":1}}"""),
            scene => DeployAsync(scene.Docker, scene.Service, """{"version":"v1","strategy":{"max_surge":"half"}}"""),
            scene => DeployAsync(scene.Docker, "NOT-LOWER", """{"version":"v1"}"""),
        ],
        ["deployVersion 409"] = [scene => DeployAsync(scene.Docker, scene.StuckService, """{"version":"v3"}""")],
        ["deployVersion 503"] = [scene => DeployAsync(scene.Blind, "hello", """{"version":"v1"}""")],

        ["listDeploys 200"] =
        [
            scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/deploys?limit=1"),
            scene => GetAsync(scene.Docker, "/v1/services/nothing/deploys"),
        ],
        ["listDeploys 400"] =
        [
            scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/deploys?limit=0"),
            scene => GetAsync(scene.Docker, $"{BadName}/deploys"),
        ],
        ["listDeploys 503"] = [scene => GetAsync(scene.Blind, "/v1/services/hello/deploys")],
        ["getDeploy 200"] =
        [
            scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/deploys/v2"),
            scene => GetAsync(scene.Docker, $"/v1/services/{scene.StuckService}/deploys/v2"),
        ],
        ["getDeploy 400"] = [scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/deploys/v2?timestamp=today")],
        ["getDeploy 404"] = [scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/deploys/v9")],
        ["getDeploy 503"] = [scene => GetAsync(scene.Blind, "/v1/services/hello/deploys/v1")],
        ["followDeploy 200"] = [scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/deploys/v2/events")],
        ["followDeploy 400"] = [scene => GetAsync(scene.Docker, $"{BadName}/deploys/v2/events")],
        ["followDeploy 404"] = [scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/deploys/v9/events")],
        ["followDeploy 503"] = [scene => GetAsync(scene.Blind, "/v1/services/hello/deploys/v1/events")],
        ["destroyVersion 204"] = [DestroyNewAsync],
        ["destroyVersion 400"] = [scene => DeleteAsync(scene.Docker, $"/v1/services/{scene.Service}/deploys/v2?timestamp=today")],
        ["destroyVersion 404"] = [scene => DeleteAsync(scene.Docker, $"/v1/services/{scene.Service}/deploys/v1")],
        ["destroyVersion 409"] = [scene => DeleteAsync(scene.Docker, $"/v1/services/{scene.StuckService}/deploys/v1")],
        ["destroyVersion 503"] = [scene => DeleteAsync(scene.Blind, "/v1/services/hello/deploys/v1")],

        ["promoteDeploy 200"] = [PromoteAsync],
        ["promoteDeploy 400"] = [scene => PostAsync(scene.Docker, $"{BadName}/deploys/v2/promote")],
        ["promoteDeploy 404"] = [scene => PostAsync(scene.Docker, $"/v1/services/{scene.Service}/deploys/v9/promote")],
        ["promoteDeploy 409"] = [scene => PostAsync(scene.Docker, $"/v1/services/{scene.StuckService}/deploys/v2/promote")],
        ["promoteDeploy 503"] = [scene => PostAsync(scene.Blind, "/v1/services/hello/deploys/v1/promote")],

        ["scaleService 200"] = [scene => ScaleAsync(scene.Docker, scene.Service, 1)],
        ["scaleService 400"] = [scene => ScaleAsync(scene.Docker, scene.Service, 1001)],
        ["scaleService 404"] = [scene => ScaleAsync(scene.Docker, "nothing", 2)],
        ["scaleService 409"] = [scene => ScaleAsync(scene.Docker, scene.StuckService, 2)],
        ["scaleService 503"] = [scene => ScaleAsync(scene.Blind, "hello", 2)],
        ["rollBackService 201"] = [scene => PostAsync(scene.Docker, $"/v1/services/{scene.ChangedService}/rollback")],
        ["rollBackService 400"] = [scene => PostAsync(scene.Docker, $"{BadName}/rollback")],
        ["rollBackService 409"] = [scene => PostAsync(scene.Docker, $"/v1/services/{scene.StuckService}/rollback")],
        ["rollBackService 503"] = [scene => PostAsync(scene.Blind, "/v1/services/hello/rollback")],

        ["listUnits 200"] =
        [
            scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/units"),
            scene => GetAsync(scene.Docker, $"/v1/services/{scene.StuckService}/units"),
            scene => GetAsync(scene.Cluster, "/v1/services/hello/units"),
        ],
        ["listUnits 400"] = [scene => GetAsync(scene.Docker, $"{BadName}/units")],
        ["listUnits 503"] = [scene => GetAsync(scene.Blind, "/v1/services/hello/units")],
        ["readUnitLog 200"] = [scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/units/1/logs?tail=5&follow=false")],
        ["readUnitLog 400"] = [scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/units/1/logs?tail=-1")],
        ["readUnitLog 404"] = [scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/units/9/logs")],
        ["readUnitLog 501"] = [scene => GetAsync(scene.Cluster, "/v1/services/hello/units/1/logs")],
        ["readUnitLog 503"] = [scene => GetAsync(scene.Blind, "/v1/services/hello/units/1/logs")],

        ["runTask 200"] = [scene => RunAsync(scene, "", "text/plain"), scene => RunAsync(scene, "", "text/event-stream")],
        ["runTask 202"] = [scene => RunAsync(scene, "?detach=true")],
        ["runTask 400"] =
        [
            scene => RunAsync(scene.Docker, scene.Service, """{"version":"v1"}"""),
            scene => RunAsync(scene.Docker, scene.Service, """{"version":"v1","command":["true"],"timeout":86401}"""),
        ],
        ["runTask 422"] = [scene => RunAsync(scene.Docker, scene.Service, """{"version":"missing","command":"true"}""")],
        ["runTask 503"] = [scene => RunAsync(scene.Blind, "hello", """{"version":"v1","command":"true"}""")],
        ["listTasks 200"] = [scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/tasks?limit=1")],
        ["listTasks 400"] = [scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/tasks?limit=many")],
        ["listTasks 503"] = [scene => GetAsync(scene.Blind, "/v1/services/hello/tasks")],
        ["getTask 200"] = [scene => GetAsync(scene.Docker, $"/v1/tasks/{scene.EndedTask}"), scene => GetAsync(scene.Docker, $"/v1/tasks/{scene.RunningTask}")],
        ["readTaskOutput 200"] =
        [
            scene => GetAsync(scene.Docker, $"/v1/tasks/{scene.EndedTask}/output"),
            scene => GetAsync(scene.Docker, $"/v1/tasks/{scene.EndedTask}/output", "text/event-stream"),
        ],
        ["readTaskOutput 409"] = [scene => GetAsync(scene.Restarted, $"/v1/tasks/{scene.ForgottenTask}/output")],
        ["cancelTask 204"] = [scene => DeleteAsync(scene.Docker, $"/v1/tasks/{scene.RunningTask}")],
        ["cancelTask 409"] = [scene => DeleteAsync(scene.Docker, $"/v1/tasks/{scene.EndedTask}")],

        ["followRoutes 200"] = [scene => Exchange.SendAsync(scene.Docker.Api.Http, HttpMethod.Get, "/v1/routes?gateway=front", isEndless: true)],
        ["followRoutes 400"] = [scene => GetAsync(scene.Docker, "/v1/routes?gateway=not%20a%20name")],
        ["followRoutes 403"] = [scene => Exchange.SendAsync(scene.Reader, HttpMethod.Get, "/v1/routes?gateway=front")],
        ["followRoutes 404"] = [scene => GetAsync(scene.Cluster, "/v1/routes")],
        ["tellDrained 204"] = [scene => TellDrainedAsync(scene.Docker, "front")],
        ["tellDrained 400"] = [scene => TellDrainedAsync(scene.Docker, "not%20a%20name")],
        ["listHosts 200"] = [scene => GetAsync(scene.Docker, "/v1/hosts")],
        ["listHosts 404"] = [scene => GetAsync(scene.Cluster, "/v1/hosts")],
        ["getMaintenance 200"] = [scene => GetAsync(scene.Docker, $"/v1/services/{scene.Service}/maintenance")],
        ["getMaintenance 400"] = [scene => GetAsync(scene.Docker, $"{BadName}/maintenance")],
        ["getMaintenance 404"] = [scene => GetAsync(scene.Cluster, "/v1/services/hello/maintenance")],
        ["setMaintenance 200"] = [scene => CloseAsync(scene.Docker, $"/v1/services/{scene.ChangedService}", """{"enabled":true,"message":"Back at nine.","retry_after":60}""")],
        ["setMaintenance 400"] = [scene => CloseAsync(scene.Docker, BadName, """{"enabled":true}""")],
        ["setMaintenance 503"] = [scene => CloseAsync(scene.Restarted, "/v1/services/hello", """{"enabled":false}""")],
        ["endMaintenance 204"] = [scene => DeleteAsync(scene.Docker, $"/v1/services/{scene.Service}/maintenance")],
        ["endMaintenance 400"] = [scene => DeleteAsync(scene.Docker, $"{BadName}/maintenance")],
        ["endMaintenance 404"] = [scene => DeleteAsync(scene.Cluster, "/v1/services/hello/maintenance")],
        ["endMaintenance 503"] = [scene => DeleteAsync(scene.Restarted, "/v1/services/hello/maintenance")],
        ["prune 200"] = [scene => PostAsync(scene.Docker, "/v1/prune?dry_run=true"), scene => PostAsync(scene.Docker, "/v1/prune")],
        ["prune 400"] = [scene => PostAsync(scene.Docker, "/v1/prune?dry_run=maybe")],
        ["prune 501"] = [scene => PostAsync(scene.Cluster, "/v1/prune")],
        ["prune 503"] = [scene => PostAsync(scene.Restarted, "/v1/prune")],
        ["tellDrained 404"] = [scene => TellDrainedAsync(scene.Cluster, "front")],
    };

    // What every operation answers in the same situation.
    private static readonly Dictionary<string, Func<ContractScene, Operation, Task<Exchange>>> s_common = new()
    {
        ["401"] = (scene, operation) => AskAsync(scene.Stranger, operation),
        ["403"] = (scene, operation) => AskAsync(scene.Reader, operation),
        ["404"] = (scene, operation) => AskAsync(scene.Docker.Api.Http, operation),
        ["413"] = (scene, operation) => AskAsync(scene.Docker.Api.Http, operation, body => body.PadRight(65 * 1024)),
        ["415"] = (scene, operation) => AskAsync(scene.Docker.Api.Http, operation, mediaType: "text/plain"),
        ["429"] = GuessAsync,
        ["503"] = (scene, operation) => AskAsync(scene.Blind.Api.Http, operation),
    };

    /// <summary>The exchanges that bring a status about; none where nobody knows how.</summary>
    public static IEnumerable<Task<Exchange>> Of(ContractScene scene, Operation operation, string status) =>
        s_own.TryGetValue($"{operation.Id} {status}", out var own) ? own.Select(provoke => provoke(scene))
        : s_common.TryGetValue(status, out var common) ? [common(scene, operation)]
        : [];

    /// <summary>Asks as the document's examples do.</summary>
    private static Task<Exchange> AskAsync(
        HttpClient client, Operation operation, Func<string, string>? change = null, string mediaType = "application/json")
    {
        var path = operation.Parameters
            .Where(parameter => parameter["in"]!.GetValue<string>() == "path")
            .Aggregate(operation.Path, (path, parameter) =>
                path.Replace($"{{{parameter["name"]}}}", parameter["example"]!.GetValue<string>(), StringComparison.Ordinal));
        var body = operation.RequestBody?["example"]!.ToJsonString();
        return Exchange.SendAsync(client, operation.Method, path, body is null ? null : change?.Invoke(body) ?? body, mediaType);
    }

    // Asked anew until the logins are refused, which lasts for a minute at most; several at once, as a busy machine takes long.
    private static Task<Exchange> GuessAsync(ContractScene scene, Operation operation) => WaitFor.ValueAsync(
        async () => (await Task.WhenAll(Enumerable.Range(0, FailedLogins.Limit).Select(_ => AskAsync(scene.Guesser, operation))))[^1],
        exchange => exchange.Status == HttpStatusCode.TooManyRequests,
        "no more logins",
        TimeSpan.FromMinutes(3));

    private static Task<Exchange> GetAsync(DeploysterProcess deployster, string path, string? accept = null) =>
        Exchange.SendAsync(deployster.Api.Http, HttpMethod.Get, path, accept: accept);

    private static Task<Exchange> DeleteAsync(DeploysterProcess deployster, string path) =>
        Exchange.SendAsync(deployster.Api.Http, HttpMethod.Delete, path);

    private static Task<Exchange> PostAsync(DeploysterProcess deployster, string path, string? body = null, string? accept = null) =>
        Exchange.SendAsync(deployster.Api.Http, HttpMethod.Post, path, body, accept: accept);

    private static Task<Exchange> DeployAsync(DeploysterProcess deployster, string service, string deploy, string query = "") =>
        PostAsync(deployster, $"/v1/services/{service}/deploys{query}", $$"""{"deploy":{{deploy}}}""");

    private static Task<Exchange> ScaleAsync(DeploysterProcess deployster, string service, int count) => Exchange.SendAsync(
        deployster.Api.Http, HttpMethod.Put, $"/v1/services/{service}/instances", $$"""{"instance_count":{{count}}}""");

    private static Task<Exchange> CloseAsync(DeploysterProcess deployster, string service, string body) =>
        Exchange.SendAsync(deployster.Api.Http, HttpMethod.Put, $"{service}/maintenance", body);

    private static Task<Exchange> RunAsync(ContractScene scene, string query, string? accept = null) => PostAsync(
        scene.Docker,
        $"/v1/services/{scene.Service}/tasks{query}",
        """{"task":{"version":"v1","command":["sh","-c","echo done; exit 3"],"timeout":60,"env":{"A":"b"}}}""",
        accept);

    private static Task<Exchange> RunAsync(DeploysterProcess deployster, string service, string task) =>
        PostAsync(deployster, $"/v1/services/{service}/tasks", $$"""{"task":{{task}}}""");

    private static Task<Exchange> TellDrainedAsync(DeploysterProcess deployster, string gateway) => PostAsync(
        deployster, $"/v1/routes/{gateway}/drained", """{"unit":"hello:v1:2015.03.02-00.31.45@1.service","version":1}""");

    private static async Task<Exchange> PromoteAsync(ContractScene scene)
    {
        await scene.Cluster.Api.DeployAsync("promoted", new { Version = "v1" });
        await scene.Cluster.Api.WaitForEndAsync("promoted", "v1");
        await scene.Cluster.Api.DeployAsync("promoted", new { Version = "v2", DestroyPrevious = true, Strategy = new { Canary = 1 } });
        await scene.Cluster.Api.WaitForCanaryAsync("promoted", "v2");
        return await PostAsync(scene.Cluster, "/v1/services/promoted/deploys/v2/promote");
    }

    private static async Task<Exchange> DestroyNewAsync(ContractScene scene)
    {
        await scene.Cluster.Api.DeployAsync("passing", new { Version = "v1" });
        await scene.Cluster.Api.WaitForEndAsync("passing", "v1");
        return await DeleteAsync(scene.Cluster, "/v1/services/passing/deploys/v1");
    }
}
