using Xunit.Abstractions;
using Xunit.Sdk;

namespace IdentityProvider.Storage.Tests;

/// <summary>
/// A rule that every store keeps; run once for each database. On PostgreSQL and Redis it is skipped, visibly, where there is none, but not
/// in CI.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("IdentityProvider.Storage.Tests." + nameof(ContractFactDiscoverer), "IdentityProvider.Storage.Tests")]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>Tells xunit what <see cref="ContractFactAttribute"/> means in which class.</summary>
public sealed class ContractFactDiscoverer(IMessageSink diagnosticMessageSink) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var display = discoveryOptions.MethodDisplayOrDefault();
        var options = discoveryOptions.MethodDisplayOptionsOrDefault();
        yield return FindObstacle(testMethod.TestClass.Class.Name) is { } obstacle
            ? new ObstructedTestCase(diagnosticMessageSink, display, options, testMethod, obstacle)
            : new XunitTestCase(diagnosticMessageSink, display, options, testMethod);
    }

    private static string? FindObstacle(string className) =>
        className.Contains("PostgreSql", StringComparison.Ordinal) ? PostgreSqlServer.FindObstacle()
        : className.Contains("Redis", StringComparison.Ordinal) ? RedisInstance.FindObstacle()
        : null;
}

/// <summary>A test that is reported as skipped, with the reason.</summary>
public sealed class ObstructedTestCase : XunitTestCase
{
    [Obsolete("for deserialization by xunit")]
    public ObstructedTestCase()
    {
    }

    public ObstructedTestCase(
        IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod testMethod, string obstacle)
        : base(sink, display, options, testMethod) => SkipReason = obstacle;

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue(nameof(SkipReason), SkipReason);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        base.Deserialize(data);
        SkipReason = data.GetValue<string>(nameof(SkipReason));
    }
}
