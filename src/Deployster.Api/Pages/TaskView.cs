using Deployster.Application.Tasks;

namespace Deployster.Api.Pages;

/// <summary>The page of one task.</summary>
internal static class TaskView
{
    public static Html Render(TaskRecord task) => Html.Of(
        $"""
        <h1>Task of {task.Service}:{task.Version}</h1>
        <p>{Parts.Status(task.Status)} {task.End?.ToString()}</p>
        <dl><dt>Command</dt><dd><code>{string.Join(' ', task.Command)}</code></dd>
        <dt>Image</dt><dd>{task.Image} <code>{task.ImageId}</code></dd>
        <dt>Asked for</dt><dd>{Parts.Time(task.RequestedAt)}{Parts.By(task.Requester)}</dd></dl>
        <h2>Output</h2>
        <p><a href="{Parts.OutputPathOf(task.Id)}">As plain text</a></p>
        <pre class="output" tabindex="0" aria-label="Output" data-output="{Parts.OutputPathOf(task.Id)}"></pre>
        """);
}
