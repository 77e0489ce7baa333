namespace Deployster.Api.OpenApi;

/// <summary>Another kind of answer that an action gives with 200: a streamed text, or another resource.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class AlsoProducesAttribute(string mediaType, Type type, string when) : Attribute
{
    public string MediaType { get; } = mediaType;

    public Type Type { get; } = type;

    /// <summary>A sentence that says when the action gives this answer.</summary>
    public string When { get; } = when;

    /// <summary>The type of each event's data, if the answer is server-sent events.</summary>
    public Type? EventType { get; init; }
}
