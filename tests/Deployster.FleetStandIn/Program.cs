using Deployster.FleetStandIn;
using Microsoft.Extensions.Configuration;

// --socket PATH, or --url http://127.0.0.1:PORT; --start-time 00:00:02 is how long a healthy unit takes to answer.
var arguments = new ConfigurationBuilder().AddCommandLine(args).Build();
var socket = arguments["socket"];
var address = socket is null ? arguments["url"] : $"unix://{Path.GetFullPath(socket)}";
if (address is null)
{
    await Console.Error.WriteLineAsync("usage: --socket PATH | --url http://127.0.0.1:PORT [--start-time 00:00:02]");
    return 2;
}

var healthy = arguments["start-time"] is { } startTime
    ? UnitBehavior.Healthy with { StartPost = TimeSpan.Parse(startTime, null) }
    : UnitBehavior.Healthy;
await using var server = await FleetServer.StartAsync(new FleetServerOptions
{
    Address = new Uri(address),
    Behavior = unit => VersionBehaviors.Choose(unit, healthy),
});
await Console.Out.WriteLineAsync($"listening on {server.Address}");
await server.WaitForShutdownAsync();
return 0;
