namespace Deployster.Application.Maintenances;

/// <summary>Whether a service is closed cannot be written down, so nothing was changed.</summary>
/// <param name="cause">Why, for a reader.</param>
/// <param name="inner">The exception that told.</param>
public sealed class MaintenanceNotKeptException(string cause, Exception inner)
    : Exception($"Nothing is changed, because it cannot be kept over a restart: {cause}", inner);
