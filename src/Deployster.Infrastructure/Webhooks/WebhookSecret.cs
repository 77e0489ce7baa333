namespace Deployster.Infrastructure.Webhooks;

/// <summary>What deliveries are signed with.</summary>
/// <param name="Key">The key; null where they are not signed.</param>
internal sealed record WebhookSecret(byte[]? Key);
