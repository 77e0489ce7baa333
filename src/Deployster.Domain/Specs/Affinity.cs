namespace Deployster.Domain.Specs;

/// <summary>How a client is kept at one unit.</summary>
public enum Affinity
{
    /// <summary>By a cookie that the gateway sets.</summary>
    Cookie,
}
