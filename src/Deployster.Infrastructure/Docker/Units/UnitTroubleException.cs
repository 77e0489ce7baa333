namespace Deployster.Infrastructure.Docker.Units;

/// <summary>A unit cannot be made, or started.</summary>
/// <param name="message">Why.</param>
/// <param name="mayPass">Whether trying again may help.</param>
internal sealed class UnitTroubleException(string message, bool mayPass) : Exception(message)
{
    /// <summary>After how many attempts it is a refusal; null where it never is.</summary>
    public int? Attempts { get; init; }

    /// <summary>Whether trying again may help.</summary>
    public bool MayPass { get; } = mayPass;
}
