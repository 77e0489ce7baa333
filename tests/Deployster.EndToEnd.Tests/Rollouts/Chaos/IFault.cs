namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>A way for things to go wrong.</summary>
internal interface IFault
{
    /// <summary>Chooses how it goes wrong the next time. Choices are made ahead, so that they follow from the seed alone.</summary>
    PlannedFault Plan(Random random);
}

/// <summary>A fault as it will happen.</summary>
/// <param name="Text">What happens.</param>
/// <param name="InjectAsync">Has it happen; returns when it is over.</param>
internal sealed record PlannedFault(string Text, Func<Task> InjectAsync)
{
    /// <summary>Whether Deployster is started again, and knows how long something took by the wall clock alone.</summary>
    public bool EndsDeployster { get; init; }
}
