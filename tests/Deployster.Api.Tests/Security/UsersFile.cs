using Deployster.Api.Authentication;

namespace Deployster.Api.Tests.Security;

/// <summary>A users file of a test.</summary>
internal sealed class UsersFile : IDisposable
{
    public string Path { get; } = System.IO.Path.GetTempFileName();

    public static string Line(string name, string password, string role) => $"{name}:{PasswordHash.Create(password)}:{role}";

    /// <summary>Writes the file anew.</summary>
    public void Write(params string[] lines) => File.WriteAllLines(Path, lines);

    public void Dispose() => File.Delete(Path);
}
