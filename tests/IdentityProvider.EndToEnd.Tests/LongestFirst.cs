using IdentityProvider.EndToEnd.Tests.Browser;
using IdentityProvider.EndToEnd.Tests.Samples;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("IdentityProvider.EndToEnd.Tests.LongestFirst", "IdentityProvider.EndToEnd.Tests")]

namespace IdentityProvider.EndToEnd.Tests;

/// <summary>As many collections run at a time as there are processors: what takes longest must not come last, when the others have nothing left to do.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [SharedBrowser.Name, SharedSamples.Name];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.IndexOf(Longest, collection.DisplayName) is >= 0 and var place ? place : Longest.Length);
}
