using IdentityProvider.Testing;

namespace IdentityProvider.Specification.Tests.Certification;

/// <summary><c>oidcc-basic-certification-test-plan</c>.</summary>
public sealed class BasicPlanTests(ServerFixture server) : BasicPlanModules(server, responseMode: null), IClassFixture<ServerFixture>;
