namespace Deployster.Api.OpenApi;

/// <summary>The problems that an action may answer with, besides those that every action has.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProblemsAttribute(params int[] statuses) : Attribute
{
    public IReadOnlyList<int> Statuses { get; } = statuses;
}
