namespace Deployster.Api.Contracts;

/// <summary>What receivers of <c>-webhook</c> are told of a deploy.</summary>
public sealed class DeployWebhook
{
    /// <summary>What happened to the deploy.</summary>
    /// <example>deploy.succeeded</example>
    public string Event { get; init; } = "";

    /// <summary>What happened, as a text for people, of at most 2000 characters.</summary>
    /// <example>Deploy of railsapp:7bdae1c succeeded: All 2 units are healthy.</example>
    public string Text { get; init; } = "";

    /// <summary>
    /// The deploy at that moment, as the list of deploys shows it to a reader: without its units, and without the values of
    /// its environment.
    /// </summary>
    public DeployResource Deploy { get; init; } = null!;
}

/// <summary>What receivers of <c>-webhook</c> are told of a task.</summary>
public sealed class TaskWebhook
{
    /// <summary>What happened to the task.</summary>
    /// <example>task.ended</example>
    public string Event { get; init; } = "";

    /// <summary>What happened, as a text for people, of at most 2000 characters.</summary>
    /// <example>Task rake db:migrate of railsapp:7bdae1c ended: Exited (0)</example>
    public string Text { get; init; } = "";

    /// <summary>The task.</summary>
    public TaskResource Task { get; init; } = null!;
}
