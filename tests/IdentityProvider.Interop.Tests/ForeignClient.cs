namespace IdentityProvider.Interop.Tests;

/// <summary>A client that others wrote, and what its run shows.</summary>
/// <param name="Name">As its makers call it.</param>
/// <param name="Version">Of the last recorded run; from npm and NuGet it is pinned, Debian's may move on.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Covers">What was seen to work, in the order of the run.</param>
internal sealed record ForeignClient(string Name, string Version, string Source, params string[] Covers)
{
    /// <summary>Whether another version is a mistake of ours.</summary>
    public bool IsPinned => Source is "npm" or "NuGet";
}
