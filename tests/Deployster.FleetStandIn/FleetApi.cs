using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Deployster.FleetStandIn;

/// <summary>Fleet's API v1: from a request to an answer.</summary>
internal sealed class FleetApi(UnitStore store, TimeProvider time)
{
    private const string Root = "/fleet/v1/";

    private static readonly MachineBody s_machine =
        new(UnitStore.MachineId, new Dictionary<string, string> { ["region"] = "us-west" }, "127.0.0.1");

    public static RequestKind KindOf(HttpRequest request) => (request.Method, Resource(request)) switch
    {
        ("GET", ["units"]) => RequestKind.ListUnits,
        ("GET", ["units", _]) => RequestKind.GetUnit,
        ("PUT", ["units", _]) => RequestKind.PutUnit,
        ("DELETE", ["units", _]) => RequestKind.DeleteUnit,
        ("GET", ["state"]) => RequestKind.ListStates,
        ("GET", ["machines"]) => RequestKind.ListMachines,
        _ => RequestKind.Other,
    };

    public async Task<Answer> AnswerAsync(HttpRequest request) => (request.Method, Resource(request)) switch
    {
        ("GET", ["units"]) => Paged(request, store.List(), (units, next) => new UnitPage(units, next)),
        ("GET", ["units", var name]) => store.Get(name),
        ("PUT", ["units", var name]) => await PutAsync(request, name),
        ("DELETE", ["units", var name]) => store.Delete(name),
        ("GET", ["state"]) => Paged(request, States(request.Query), (states, next) => new StatePage(states, next)),
        ("GET", ["state", var name]) => State(name),
        ("GET", ["machines"]) => Paged(request, [s_machine], (machines, next) => new MachinePage(machines, next)),
        (_, ["units", _]) => Answer.Error(405, "only GET, PUT and DELETE supported against this resource"),
        (_, ["units"] or ["state", ..] or ["machines"]) => Answer.Error(405, "only GET supported against this resource"),
        _ => Answer.Error(request.Path == "/" ? 405 : 404),
    };

    private static string[] Resource(HttpRequest request) =>
        request.Path.Value is { } path && path.StartsWith(Root, StringComparison.Ordinal)
            ? path[Root.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries)
            : [];

    private static Answer Paged<T>(
        HttpRequest request, IReadOnlyList<T> all, Func<IReadOnlyList<T>?, string?, object> describe)
    {
        var (page, error) = Page.Read([.. request.Query["nextPageToken"]]);
        if (page is null)
        {
            return Answer.Error(400, error!);
        }

        var (items, next) = page.Of(all);
        return Answer.Ok(describe(items, next));
    }

    private StateBody[] States(IQueryCollection query)
    {
        bool Matches(string key, string value) => query[key].FirstOrDefault() is not { Length: > 0 } wanted || wanted == value;
        return [.. store.States().Where(state => Matches("unitName", state.Name) && Matches("machineID", state.MachineID))];
    }

    // Fleet stumbles over a state that it does not have.
    private Answer State(string name) =>
        store.States().FirstOrDefault(state => state.Name == name) is { } state ? Answer.Ok(state) : Answer.Dropped;

    private async Task<Answer> PutAsync(HttpRequest request, string name)
    {
        if (request.ContentType is null)
        {
            return Answer.Error(415, "expected 1 Content-Type, got 0");
        }

        if (request.ContentType.Split(';')[0].Trim() != "application/json")
        {
            return Answer.Error(415, "only acceptable Content-Type is application/json");
        }

        try
        {
            var body = await JsonSerializer.DeserializeAsync<UnitRequest>(
                request.Body, FleetJson.Options, request.HttpContext.RequestAborted);
            var answer = store.Put(name, body ?? new UnitRequest(null, null, null));

            // Fleet answers after its second write, which it makes even if nobody waits for the answer any more.
            await Task.Delay(answer == Answer.Created ? store.UntilMade(name) : TimeSpan.Zero, time, request.HttpContext.RequestAborted);
            return answer;
        }
        catch (JsonException)
        {
            // Fleet tells several mistakes apart; here every one is the one that was recorded.
            return Answer.Error(400, "unable to decode body: unexpected EOF");
        }
    }
}
