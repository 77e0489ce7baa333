using System.Collections.Immutable;
using System.Text.Json;
using Deployster.Application.Maintenances;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.Maintenances;

/// <summary>Keeps the closed services in a JSON file of the data folder.</summary>
internal sealed partial class MaintenanceFile(string path, ILogger<MaintenanceFile> logger) : IMaintenanceStore
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public ImmutableDictionary<ServiceName, Maintenance> Read()
    {
        try
        {
            return File.Exists(path)
                ? (JsonSerializer.Deserialize<Dictionary<string, Entry>>(File.ReadAllBytes(path), s_json) ?? [])
                    .ToImmutableDictionary(entry => ServiceName.Parse(entry.Key), entry => entry.Value.ToMaintenance())
                : ImmutableDictionary<ServiceName, Maintenance>.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException or ArgumentException)
        {
            // A service that answers is better than none that starts.
            LogNotRead(path, e.Message);
            return ImmutableDictionary<ServiceName, Maintenance>.Empty;
        }
    }

    public void Write(ImmutableDictionary<ServiceName, Maintenance> closed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var next = $"{path}.next";
        using (var file = new FileStream(next, FileMode.Create))
        {
            JsonSerializer.Serialize(file, closed.ToDictionary(entry => entry.Key.Value, entry => Entry.Of(entry.Value)), s_json);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }

    [LoggerMessage(LogLevel.Warning, "{File} cannot be read, so every service is open: {Cause}")]
    private partial void LogNotRead(string file, string cause);

    private sealed record Entry(string? Message, double? RetryAfter)
    {
        public static Entry Of(Maintenance maintenance) => new(maintenance.Message, maintenance.RetryAfter?.TotalSeconds);

        public Maintenance ToMaintenance() => new(Message, RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }
}
