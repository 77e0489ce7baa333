using Deployster.Application.Tasks;

namespace Deployster.Application.Tests.Tasks;

/// <summary>What a request for a task may say.</summary>
internal sealed class RunTaskRulesTests
{
    private static readonly TestCaseData[] s_refused =
    [
        Case("service", "must be lower-case letters*", TaskKit.Request() with { Service = "No" }),
        Case("task.version", "is missing.", TaskKit.Request() with { Version = null }),
        Case("task.version", "must be*not 'a b'.", TaskKit.Request() with { Version = "a b" }),
        Case("task.command", "is missing.", TaskKit.Request() with { Command = null }),
        Case("task.command", "must not be empty.", TaskKit.Request(new CommandText(""))),
        Case("task.command", "must not be empty.", TaskKit.Request(new CommandText("  \t"))),
        Case("task.command", "must not be empty.", TaskKit.Request(new CommandText([]))),
        Case("task.command", "must begin with the name of a program.", TaskKit.Request(new CommandText("'' x"))),
        Case("task.command", "cannot be taken: the quote ' is left open.", TaskKit.Request(new CommandText("echo 'it"))),
        Case("task.command", "cannot be taken: a backslash stands at the end*", TaskKit.Request(new CommandText("echo \\"))),
        Case("task.command", "must be of texts without NUL.", TaskKit.Request(new CommandText(["a", null]))),
        Case("task.command", "must be of texts without NUL.", TaskKit.Request(new CommandText(["a", "b\0"]))),
        Case("task.timeout", "must be from 1 to 86400, not 0.", TaskKit.Request() with { Timeout = 0 }),
        Case("task.timeout", "must be from 1 to 86400, not 86401.", TaskKit.Request() with { Timeout = 86401 }),
        Case("task.env", "has the name 'A=B'*", TaskKit.Request() with { Env = new Dictionary<string, string?> { ["A=B"] = "" } }),
        Case("task.stop_timeout", "must be from 1 to 3600, not 0.", TaskKit.Request() with { StopTimeout = 0 }),
        Case("task.stop_signal", "must be the name of a signal*not 'TERM'.", TaskKit.Request() with { StopSignal = "TERM" }),
        Case("task.env.A", "must be text*", TaskKit.Request() with { Env = new Dictionary<string, string?> { ["A"] = null } }),
    ];

    private static readonly RunTask[] s_taken =
    [
        TaskKit.Request(),
        TaskKit.Request(new CommandText("rake db:migrate")),
        TaskKit.Request(new CommandText(["sh", "-c", "echo a\necho b", ""])),
        TaskKit.Request() with { Timeout = 86400, Env = new Dictionary<string, string?> { ["A"] = "" } },
    ];

    private readonly RunTaskValidator _validator = new();

    [TestCaseSource(nameof(s_refused))]
    public void Validate_WhenAgainstARule_NamesTheFieldAndTheRule(string field, string rule, RunTask request)
    {
        var error = _validator.Validate(request).Errors.Should().ContainSingle().Subject;

        error.PropertyName.Should().Be(field);
        error.ErrorMessage.Should().Match(rule);
    }

    [TestCaseSource(nameof(s_taken))]
    public void Validate_WhenWithinTheRules_TakesIt(RunTask request) => _validator.Validate(request).Errors.Should().BeEmpty();

    private static TestCaseData Case(string field, string rule, RunTask request) =>
        new TestCaseData(field, rule, request).SetArgDisplayNames(field, rule);
}
