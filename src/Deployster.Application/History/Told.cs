namespace Deployster.Application.History;

/// <summary>What the history has told. Where it did not answer there is none of these: silence is never taken for "nothing there".</summary>
/// <typeparam name="T">What it was asked for.</typeparam>
/// <param name="Value">Its answer.</param>
internal sealed record Told<T>(T Value);
