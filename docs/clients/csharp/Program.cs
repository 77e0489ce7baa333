// Deploys a version of a service, watches it, runs a task in its image and takes it away again:
//   DEPLOYSTER_PASSWORD=… dotnet run URL SERVICE VERSION COMMAND
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Deployster.Sample;

if (args is not [var url, var service, var version, var command])
{
    Console.Error.WriteLine("Arguments: URL SERVICE VERSION COMMAND");
    return 2;
}

var login = Encoding.UTF8.GetBytes($"deployster:{Environment.GetEnvironmentVariable("DEPLOYSTER_PASSWORD")}");
using var http = new HttpClient { BaseAddress = new Uri(url), Timeout = Timeout.InfiniteTimeSpan };
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(login));
var deployster = new DeploysterClient(http);

try
{
    var deploy = await deployster.DeployVersionAsync(
        service, new DeployRequest { Deploy = new DeployRequestBody { Version = version, Destroy_previous = true } });
    using (var answer = await deployster.FollowDeployAsync(service, version, deploy.Timestamp))
    {
        var events = SseParser.Create(answer.Stream, (_, data) => JsonSerializer.Deserialize<EventResource>(data)!);
        await foreach (var happened in events.EnumerateAsync())
        {
            Console.WriteLine($"{happened.Data.Kind}: {happened.Data.Message}");
        }
    }

    deploy = await deployster.GetDeployAsync(service, version, deploy.Timestamp);
    Console.WriteLine($"status {deploy.Status}");
    if (deploy.Status != DeployStatus.Succeeded)
    {
        return 1;
    }

    var output = await deployster.RunTaskAsync(
        service, new TaskRequest { Task = new TaskRequestBody { Version = version, Command = command } });
    Console.Write(output.Result);
    var task = await deployster.GetTaskAsync(output.Headers["Deployster-Task-Id"].Single());
    Console.WriteLine($"exit code {task.Exit_code}");

    await deployster.DestroyVersionAsync(service, version);
    Console.WriteLine("destroyed");
    return task.Exit_code ?? 1;
}
catch (ApiException<Problem> e)
{
    Console.Error.WriteLine(e.Result.Detail ?? e.Result.Title);
    return 1;
}
