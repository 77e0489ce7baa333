namespace Deployster.Application.Routing;

/// <summary>A service that is closed for a while: the gateway answers its requests with 503 and a page.</summary>
/// <param name="Message">What the page says, as text; null for what the gateway says by itself.</param>
/// <param name="RetryAfter">When it may be worth to come again; null where nobody knows.</param>
public sealed record Maintenance(string? Message, TimeSpan? RetryAfter);
