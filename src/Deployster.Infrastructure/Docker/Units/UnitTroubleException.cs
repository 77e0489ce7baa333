namespace Deployster.Infrastructure.Docker.Units;

/// <summary>A unit cannot be made.</summary>
/// <param name="message">Why.</param>
/// <param name="mayPass">Whether trying again may help.</param>
internal sealed class UnitTroubleException(string message, bool mayPass) : Exception(message)
{
    /// <summary>Whether trying again may help.</summary>
    public bool MayPass { get; } = mayPass;
}
