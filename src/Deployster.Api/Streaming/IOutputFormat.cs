using Deployster.Application.Output;
using Deployster.Domain.Tasks;

namespace Deployster.Api.Streaming;

/// <summary>How a task's output is written into a response. One for each response.</summary>
internal interface IOutputFormat
{
    string ContentType { get; }

    void Write(TrailedBody body, OutputChunk chunk);

    void WriteEnd(TrailedBody body, TaskEnd end);
}
