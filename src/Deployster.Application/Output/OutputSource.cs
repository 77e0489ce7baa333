namespace Deployster.Application.Output;

/// <summary>Which of its two streams a container wrote to.</summary>
public enum OutputSource
{
    /// <summary>Its standard output.</summary>
    Stdout = 1,

    /// <summary>Its standard error.</summary>
    Stderr = 2,
}
