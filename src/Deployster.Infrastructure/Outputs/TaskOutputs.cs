using Deployster.Application.Tasks;
using Deployster.Domain.Tasks;

namespace Deployster.Infrastructure.Outputs;

/// <summary>Keeps the outputs of tasks in the data folder, a folder each.</summary>
internal sealed class TaskOutputs(TaskOutputOptions options, TimeProvider time) : ITaskOutputs
{
    private string Folder => Path.Combine(options.DataFolder, "tasks");

    public ITaskOutput Open(TaskId id) => TaskOutput.Open(FolderOf(id), options.Keep, time);

    public IKeptOutput Read(TaskId id) => TaskOutput.OpenComplete(FolderOf(id)).Follow();

    public IReadOnlyList<TaskId> List() => Directory.Exists(Folder)
        ?
        [
            .. Directory.EnumerateDirectories(Folder)
                .Select(folder => TaskId.TryParse(Path.GetFileName(folder), out var id) ? id : null)
                .OfType<TaskId>(),
        ]
        : [];

    public void Remove(TaskId id)
    {
        if (Directory.Exists(FolderOf(id)))
        {
            Directory.Delete(FolderOf(id), recursive: true);
        }
    }

    private string FolderOf(TaskId id) => Path.Combine(Folder, id.Value);
}
