namespace Deployster.Application.History;

/// <summary>Lets whoever can do without the history do so.</summary>
internal static class HistoryFallback
{
    /// <summary>What the history tells; <paramref name="otherwise"/>, after the cause has been told, where it is not available.</summary>
    public static async Task<T> ReadAsync<T>(Func<Task<T>> read, T otherwise, Action<string> tell)
    {
        try
        {
            return await read();
        }
        catch (HistoryUnavailableException e)
        {
            tell(e.Message);
            return otherwise;
        }
    }
}
