using Deployster.Domain.Names;

namespace Deployster.Application.Routing;

/// <summary>The convention by which a service has its host name.</summary>
/// <param name="Domain">What all services' host names end in.</param>
public sealed record HostNames(string Domain)
{
    /// <summary>The host name of a service: <c>railsapp.example.com</c>.</summary>
    public string Of(ServiceName service) => $"{service}.{Domain}";
}
