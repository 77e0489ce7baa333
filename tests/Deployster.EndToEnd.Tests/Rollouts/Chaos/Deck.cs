namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>Gives each of its cards once in a random order, and then again: even a short test has something of everything.</summary>
internal sealed class Deck<T>(Random random, IEnumerable<T> cards)
{
    private readonly T[] _cards = [.. cards];
    private readonly Queue<T> _left = new();

    public T Draw()
    {
        if (_left.Count == 0)
        {
            random.Shuffle(_cards);
            Array.ForEach(_cards, _left.Enqueue);
        }

        return _left.Dequeue();
    }
}
