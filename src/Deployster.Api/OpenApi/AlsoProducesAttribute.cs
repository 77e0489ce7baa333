namespace Deployster.Api.OpenApi;

/// <summary>A further way in which an action answers with 200: a text that comes bit by bit, or another resource.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class AlsoProducesAttribute(string mediaType, Type type, string when) : Attribute
{
    public string MediaType { get; } = mediaType;

    public Type Type { get; } = type;

    /// <summary>When it answers so, as a sentence.</summary>
    public string When { get; } = when;

    /// <summary>What the data of each event is, where it comes as server-sent events.</summary>
    public Type? EventType { get; init; }
}
