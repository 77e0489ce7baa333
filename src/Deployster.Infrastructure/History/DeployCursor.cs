using System.Buffers.Binary;
using System.Buffers.Text;

namespace Deployster.Infrastructure.History;

/// <summary>The place of a deploy among its service's: what comes later in the list was asked for before it.</summary>
/// <param name="RequestedAt">When it was asked for, in ticks, UTC.</param>
/// <param name="Id">Its row, for deploys that were asked for at the same moment.</param>
internal readonly record struct DeployCursor(long RequestedAt, long Id)
{
    private const int Size = 2 * sizeof(long);

    public static DeployCursor After(DeployRow row) => new(row.RequestedAt, row.Id);

    /// <exception cref="FormatException"><paramref name="text"/> is none that a page gave.</exception>
    public static DeployCursor Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (Base64Url.IsValid(text, out var length)
            && length == Size
            && Base64Url.TryDecodeFromChars(text, bytes, out _)
            && Read(bytes) is { RequestedAt: >= 0, Id: > 0 } cursor
            && cursor.ToString() == text)
        {
            return cursor;
        }

        throw new FormatException("The cursor is none that a page of this list gave.");
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, RequestedAt);
        BinaryPrimitives.WriteInt64BigEndian(bytes[sizeof(long)..], Id);
        return Base64Url.EncodeToString(bytes);
    }

    private static DeployCursor Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[sizeof(long)..]));
}
