using System.CommandLine;
using System.Text;
using Deployster.Api.Authentication;

namespace Deployster.Api.CommandLine;

/// <summary>Turns a password into its hash for a users file.</summary>
internal static class HashPasswordCommand
{
    public static Command Create()
    {
        var command = new Command("hash-password", "Reads a password and prints its hash for -users-file.");
        command.SetAction(_ =>
        {
            var password = Console.IsInputRedirected ? Console.In.ReadLine() : Ask("Password: ");
            if (string.IsNullOrEmpty(password))
            {
                throw new UsageException("hash-password: there is no password on the standard input.");
            }

            if (!Console.IsInputRedirected && Ask("Once more: ") != password)
            {
                throw new UsageException("hash-password: these are two passwords.");
            }

            Console.WriteLine(PasswordHash.Create(password));
        });
        return command;
    }

    private static string Ask(string question)
    {
        Console.Error.Write(question);
        var answer = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                answer.Length = Math.Max(0, answer.Length - 1);
            }
            else if (key.KeyChar != '\0')
            {
                answer.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return answer.ToString();
    }
}
