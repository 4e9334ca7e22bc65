"use strict";
// https://registry.terraform.io/providers/example/bakery/1.0.0/docs
// generated from terraform resource schema
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    var desc = Object.getOwnPropertyDescriptor(m, k);
    if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
      desc = { enumerable: true, get: function() { return m[k]; } };
    }
    Object.defineProperty(o, k2, desc);
}) : (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    o[k2] = m[k];
}));
var __setModuleDefault = (this && this.__setModuleDefault) || (Object.create ? (function(o, v) {
    Object.defineProperty(o, "default", { enumerable: true, value: v });
}) : function(o, v) {
    o["default"] = v;
});
var __importStar = (this && this.__importStar) || (function () {
    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) {
            var ar = [];
            for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
            return ar;
        };
        return ownKeys(o);
    };
    return function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        __setModuleDefault(result, mod);
        return result;
    };
})();
Object.defineProperty(exports, "__esModule", { value: true });
exports.BakeryProvider = void 0;
exports.bakeryProviderOwnerToTerraform = bakeryProviderOwnerToTerraform;
exports.bakeryProviderOwnerToHclTerraform = bakeryProviderOwnerToHclTerraform;
const cdktn = __importStar(require("cdktn"));
function bakeryProviderOwnerToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {
        name: cdktn.stringToTerraform(struct.name),
        phone: cdktn.stringToTerraform(struct.phone),
    };
}
function bakeryProviderOwnerToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {
        name: {
            value: cdktn.stringToHclTerraform(struct.name),
            isBlock: false,
            type: "simple",
            storageClassType: "string",
        },
        phone: {
            value: cdktn.stringToHclTerraform(struct.phone),
            isBlock: false,
            type: "simple",
            storageClassType: "string",
        },
    };
    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
}
/**
* Represents a {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs bakery}
*/
class BakeryProvider extends cdktn.TerraformProvider {
    // =================
    // STATIC PROPERTIES
    // =================
    static tfResourceType = "bakery";
    // ==============
    // STATIC Methods
    // ==============
    /**
    * Generates CDKTN code for importing a BakeryProvider resource upon running "cdktn plan <stack-name>"
    * @param scope The scope in which to define this construct
    * @param importToId The construct id used in the generated config for the BakeryProvider to import
    * @param importFromId The id of the existing BakeryProvider that should be imported. Refer to the {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs#import import section} in the documentation of this resource for the id to use
    * @param provider? Optional instance of the provider where the BakeryProvider to import is found
    */
    static generateConfigForImport(scope, importToId, importFromId, provider) {
        return new cdktn.ImportableResource(scope, importToId, { terraformResourceType: "bakery", importId: importFromId, provider });
    }
    // ===========
    // INITIALIZER
    // ===========
    /**
    * Create a new {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs bakery} Resource
    *
    * @param scope The scope in which to define this construct
    * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
    * @param options BakeryProviderConfig = {}
    */
    constructor(scope, id, config = {}) {
        super(scope, id, {
            terraformResourceType: 'bakery',
            terraformGeneratorMetadata: {
                providerName: 'bakery',
                providerVersion: '1.0.0'
            },
            terraformProviderSource: 'registry.terraform.io/example/bakery'
        });
        this._street = config.street;
        this._alias = config.alias;
        this._owner = config.owner;
    }
    // ==========
    // ATTRIBUTES
    // ==========
    // street - computed: false, optional: true, required: false
    _street;
    get street() {
        return this._street;
    }
    set street(value) {
        this._street = value;
    }
    resetStreet() {
        this._street = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get streetInput() {
        return this._street;
    }
    // alias - computed: false, optional: true, required: false
    _alias;
    get alias() {
        return this._alias;
    }
    set alias(value) {
        this._alias = value;
    }
    resetAlias() {
        this._alias = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get aliasInput() {
        return this._alias;
    }
    // owner - computed: false, optional: true, required: false
    _owner;
    get owner() {
        return this._owner;
    }
    set owner(value) {
        this._owner = value;
    }
    resetOwner() {
        this._owner = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get ownerInput() {
        return this._owner;
    }
    // =========
    // SYNTHESIS
    // =========
    synthesizeAttributes() {
        return {
            street: cdktn.stringToTerraform(this._street),
            alias: cdktn.stringToTerraform(this._alias),
            owner: bakeryProviderOwnerToTerraform(this._owner),
        };
    }
    synthesizeHclAttributes() {
        const attrs = {
            street: {
                value: cdktn.stringToHclTerraform(this._street),
                isBlock: false,
                type: "simple",
                storageClassType: "string",
            },
            alias: {
                value: cdktn.stringToHclTerraform(this._alias),
                isBlock: false,
                type: "simple",
                storageClassType: "string",
            },
            owner: {
                value: bakeryProviderOwnerToHclTerraform(this._owner),
                isBlock: true,
                type: "list",
                storageClassType: "BakeryProviderOwnerList",
            },
        };
        // remove undefined attributes
        return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
    }
}
exports.BakeryProvider = BakeryProvider;
