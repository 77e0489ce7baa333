using Deployster.Application.Tasks;
using Deployster.Domain.Tasks;

namespace Deployster.Infrastructure.Outputs;

/// <summary>Keeps the outputs of tasks in the data folder, a folder each.</summary>
internal sealed class TaskOutputs(TaskOutputOptions options) : ITaskOutputs
{
    public ITaskOutput Open(TaskId id) => TaskOutput.Open(FolderOf(id), options.Keep);

    public IKeptOutput Read(TaskId id) => TaskOutput.OpenComplete(FolderOf(id)).Follow();

    public void Remove(TaskId id)
    {
        if (Directory.Exists(FolderOf(id)))
        {
            Directory.Delete(FolderOf(id), recursive: true);
        }
    }

    private string FolderOf(TaskId id) => Path.Combine(options.DataFolder, "tasks", id.Value);
}
