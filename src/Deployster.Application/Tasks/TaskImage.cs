using System.Collections.Immutable;

namespace Deployster.Application.Tasks;

/// <summary>An image that tasks can run in.</summary>
/// <param name="Id">Its id, which means the same image for ever, unlike its name.</param>
/// <param name="Entrypoint">Its entrypoint; empty where it has none.</param>
public sealed record TaskImage(string Id, ImmutableArray<string> Entrypoint);
