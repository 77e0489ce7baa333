using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Images;

/// <summary>A program that keeps the credentials for registries: <c>docker-credential-NAME</c>.</summary>
internal static class CredentialHelper
{
    // What a helper says as the name of the user where the secret is a token.
    private const string TokenUser = "<token>";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>Asks a helper; null where it has no credentials for the registry.</summary>
    /// <exception cref="InvalidOperationException">It cannot be run, or does not answer.</exception>
    /// <exception cref="JsonException">It answers something else.</exception>
    public static async Task<AuthConfig?> AskAsync(string name, string registry, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(s_limit);
        using var helper = Start($"docker-credential-{name}");
        try
        {
            var errors = helper.StandardError.ReadToEndAsync(limited.Token);
            await helper.StandardInput.WriteLineAsync(registry.AsMemory(), limited.Token);
            helper.StandardInput.Close();
            var answer = await helper.StandardOutput.ReadToEndAsync(limited.Token);
            await errors;
            await helper.WaitForExitAsync(limited.Token);
            return helper.ExitCode == 0 && JsonNode.Parse(answer) is JsonObject found ? Read(found, registry) : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"docker-credential-{name} did not answer within {s_limit.TotalSeconds:0} s");
        }
        finally
        {
            if (!helper.HasExited)
            {
                helper.Kill();
            }
        }
    }

    private static Process Start(string program)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, ["get"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{program}: {e.Message}", e);
        }
    }

    private static AuthConfig Read(JsonObject found, string registry)
    {
        var user = (string?)found["Username"];
        var secret = (string?)found["Secret"];
        return user == TokenUser
            ? new AuthConfig { IdentityToken = secret, ServerAddress = registry }
            : new AuthConfig { Username = user, Password = secret, ServerAddress = registry };
    }
}
